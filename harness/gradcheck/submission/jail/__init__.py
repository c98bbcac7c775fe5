"""What a process gives up before it runs a stranger's code, layer by layer, and the test that it holds."""
