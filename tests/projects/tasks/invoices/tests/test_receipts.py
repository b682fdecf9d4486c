from invoices import receipt_line


def test_receipt_line():
    assert receipt_line("Bo", 905) == "Bo paid 9.05 EUR"
