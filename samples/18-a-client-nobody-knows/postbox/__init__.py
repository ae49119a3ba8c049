"""A message broker's client, as small as it can be: an administrator who declares and drops queues by name, and a pool of channels."""


class Refused(Exception):
    """The broker does not do what it is asked to do."""


class Admin:
    def __init__(self):
        self._queues = {}

    def declare_queue(self, name, durable=False):
        if name.startswith("amq."):
            raise Refused(name)
        self._queues[name] = []

    def drop_queue(self, name):
        del self._queues[name]

    def purge_queue(self, name):
        self._queues[name].clear()

    def depth(self, name):
        return len(self._queues[name])

    def queues(self):
        return sorted(self._queues)


class Channel:
    def __init__(self, number):
        self.number = number

    def publish(self, queue, message):
        return f"{queue}: {message}"


class Pool:
    def __init__(self, size):
        self._free = [Channel(number) for number in range(size)]

    def lease(self):
        return self._free.pop()

    def give_back(self, channel):
        self._free.append(channel)
