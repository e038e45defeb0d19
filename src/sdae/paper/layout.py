"""Rows and columns of Tables 3 to 5."""

from sdae.data.registry import PROBLEMS

LAYERS = (0, 1, 2, 3)
KERNELS = ("linear", "rbf")
TABLE_5_UNITS = 1000  # of every hidden layer (section 6.6)

TITLES = {
    "table3": "Table 3: stacked denoising autoencoders and other models",
    "table4": "Table 4: kinds of noise, and emphasis, for SDAE-3",
    "table5": "Table 5: SVMs on the representations of SDAE-3 before fine-tuning, layer 0 being the input",
}
MODELS = {
    "table3": ("SVM-rbf", "MLP-3", "DBN-1", "SAE-3", "DBN-3", "SDAE-3"),
    "table4": (
        "SVM-rbf",
        "SAE-3",
        "DBN-3",
        "SDAE-3 masking",
        "SDAE-3 masking emphasized",
        "SDAE-3 salt-and-pepper",
        "SDAE-3 salt-and-pepper emphasized",
        "SDAE-3 gaussian",
    ),
    "table5": tuple(f"SVM-{kernel} on layer {layer}" for kernel in KERNELS for layer in LAYERS),
}
ROWS = {"table3": PROBLEMS, "table4": ("basic", "rot", "bg-rand"), "table5": PROBLEMS}

# Our name for cells that appear under several names in the paper.
OUR_NAME = {"SDAE-3 masking": "SDAE-3", **{f"SVM-{kernel} on layer 0": f"SVM-{kernel}" for kernel in KERNELS}}


def rivals(table: str, model: str) -> tuple[str, ...]:
    """Return the models among which the best is marked: all of a table; in Table 5 those of one kernel."""
    if table != "table5":
        return MODELS[table]
    kernel = model.partition(" ")[0]
    return tuple(other for other in MODELS[table] if other.startswith(f"{kernel} "))
