from tests.api.base import ApiTest


class TestResize(ApiTest):
    """Resizing keeps the server's address."""

    def test_resize(self):
        """From small to large."""
        server = self.api.create_server("m1.small")
        self.wait_for(server, "ACTIVE")
        self.assertEqual("ACTIVE", server["status"])
        self.api.delete_server(server["id"])

    def test_flavors(self):
        for flavor in self.api.list_flavors():
            self.assertTrue(flavor["ram"], 512)

    def test_snapshot(self):
        image = self.api.create_image("before")
        if image["status"] != "ACTIVE":
            return
        log = open("resize.log")
        print(image["id"], file=log)
        log.close()
        self.api.delete_image(image["id"])
