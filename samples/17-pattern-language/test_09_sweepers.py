"""A sweeper takes what bears a name with its prefix, or what is in its collection; everything else is still somebody's to give back."""

import harbour


class TestByName(harbour.PortCase):
    clear_the_quay = harbour.clear

    def setUp(self):
        self.quay = "north"
        self.addCleanup(self.clear_the_quay)

    def test_the_prefix_is_in_the_name(self):
        self.master.set_up_stall(self.quay + "-fish")  # ledger: stall managed

    def test_in_a_text_and_through_a_name(self):
        name = f"{self.quay}-nets"
        self.master.set_up_stall(name)  # ledger: stall managed

    def test_another_name(self):
        self.master.set_up_stall("south-fish")  # expect: never-released


class TestByCollection(harbour.PortCase):
    return_carts = harbour.clear

    def setUp(self):
        self.carts = []
        self.spare = []

    def tearDown(self):
        self.return_carts()

    def test_in_the_collection(self):
        self.carts.append(harbour.Cart())  # ledger: cart released

    def test_in_another_collection(self):
        self.spare.append(harbour.Cart())  # expect: never-released
