from parcels.fees import shipping_fee


def test_a_heavy_parcel():
    assert shipping_fee(25) == 9


def test_a_light_parcel():
    assert shipping_fee(3) == 5


def test_an_empty_parcel():
    assert shipping_fee(0) == 0
