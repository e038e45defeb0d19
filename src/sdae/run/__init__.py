"""What one run needs beside its mathematics: a folder, a device, stages that go on where they were interrupted."""
