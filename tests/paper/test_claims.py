"""What the paper says of its figures."""

from sdae.paper.claims import claims


def test_a_claim_has_its_place_in_the_paper():
    assert claims("figure10")
    assert all(claim.endswith(")") and "(" in claim for claim in claims("figure10"))
    assert claims("figure99") == ()
