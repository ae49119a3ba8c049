"""What is held may be the result, a part of it, each of its elements, an argument or the receiver; and a thing has several names."""

import harbour


def test_a_key_of_the_result():
    parcel = harbour.create_parcel()["parcel"]  # ledger: parcel released
    harbour.delete_parcel(parcel)


def test_an_identity_of_it():
    answer = harbour.create_parcel()  # ledger: parcel released
    harbour.delete_parcel(answer["parcel"]["id"])


def test_another_identity():
    parcel = harbour.create_parcel()["parcel"]  # ledger: parcel released
    harbour.delete_parcel(parcel.number)


def test_the_name_that_was_passed_in():
    label = harbour.label()
    harbour.create_parcel(label=label)  # ledger: parcel released
    harbour.delete_parcel(label)


def test_nothing_of_it():
    parcel = harbour.create_parcel()["parcel"]  # expect: never-released
    harbour.delete_parcel("another")
    harbour.look(parcel)


def test_each_element():
    _, lanes = harbour.open_lanes(2)  # ledger: lane released
    for lane in lanes:
        lane.close()


def test_the_same_twice_in_the_result():
    _, convoys = harbour.form_convoy()  # ledger: convoy released
    convoys[0].disband()


def test_the_first_of_it():
    convoy, _ = harbour.form_convoy()  # ledger: convoy released
    convoy.disband()


def test_neither_of_both():
    convoy, convoys = harbour.form_convoy()  # expect: never-released
    assert [convoy] == convoys


def test_an_argument():
    ship = harbour.ship("Argo")
    harbour.lower_gangway(ship)  # expect: leak-on-failure
    assert ship
    harbour.raise_gangway(ship=ship)


def test_the_receiver():
    siren = harbour.siren
    siren.sound()  # expect: leak-on-failure
    assert siren
    siren.silence()


def test_two_things_at_once():
    tow = harbour.tow()  # expect: never-released
    tow.rope.cast_off()


def test_the_first_method_begins_it():
    pilot = harbour.Pilot()  # expect: never-released
    pilot.steer()


def test_what_is_never_used():
    pilot = harbour.Pilot()
    assert pilot


def test_used_and_closed():
    pilot = harbour.Pilot()
    pilot.steer()
    pilot.close()


def test_a_change_of_what_belongs_to_all():
    repaint = harbour.repaint(harbour.ship)  # expect: leak-on-failure
    assert repaint
    repaint.undo()
