"""A double that hides what the original raises is one wherever it was laid: the configuration says which calls lay one."""

import harbour


def test_a_double_that_hides_an_exception():
    unload = harbour.unload

    def unload_quietly(ship):
        try:
            return unload(ship)
        except Exception:  # expect: stub-drops-exception
            return None

    with harbour.pretend("harbour.unload", instead=unload_quietly):
        harbour.serve("Argo")
    assert harbour.served


class TestUntilTheEnd(harbour.PortCase):
    pretend_until_the_end = harbour.pretend

    def test_a_double_of_an_attribute(self):
        unload = harbour.unload

        def unload_quietly(ship):
            try:
                return unload(ship)
            except Exception:  # expect: stub-drops-exception
                return None

        self.pretend_until_the_end(harbour, "unload", unload_quietly)
        harbour.serve("Argo")
        assert harbour.served

    def test_a_double_that_lets_it_through(self):
        unload = harbour.unload

        def unload_twice(ship):
            unload(ship)
            return unload(ship)

        self.pretend_until_the_end(harbour, "unload", unload_twice)
        harbour.serve("Argo")
        assert harbour.served
