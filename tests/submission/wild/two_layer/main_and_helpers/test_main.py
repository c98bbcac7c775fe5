from main import backprop


def test_it():
    assert backprop
