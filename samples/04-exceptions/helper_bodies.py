"""Helpers whose bodies raise, or do not."""

import contextlib
import os


class Page:
    def __init__(self, title, links=()):
        self.title = title
        self.links = list(links)
        self.text = "%s: %d" % (title, len(self.links))


def respond(text):
    def responder(start):
        start_line = f"200 {start}"
        return [start_line, text.encode("utf-8")]

    return responder


def link_page(links):
    def link(name, target):
        return f'<a href="{target}">{name}</a>'

    return respond("".join(link(*pair) for pair in links.items()))


class Server:
    def __init__(self, certificate=None, size=10):
        self.size = size
        self.certificate = certificate
        if certificate is not None and not os.path.exists(certificate):
            raise ValueError(f"no such file: {certificate}")


def watch(page, **options):
    if page is None:
        raise ValueError("nothing to watch")
    options.update(page=page)
    return options.get("mode", "w")


def numbered(names):
    yield from enumerate(sorted(os.listdir(n) if not n else n for n in names))


def listing(folder):
    return sorted(os.listdir(folder))


def mkdirs(path):
    if not os.path.isdir(path):
        try:
            os.makedirs(path)
        except OSError:
            if not os.path.isdir(path):
                raise


def write_empty(path):
    with open(path, "w"):
        pass


def size_or_nothing(path):
    try:
        return os.stat(path).st_size
    except Exception:
        return None


@contextlib.contextmanager
def serve(name):
    served = Page(name)
    yield served
