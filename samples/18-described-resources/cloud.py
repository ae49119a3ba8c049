"""The client of a cloud that is only a dictionary here; what it makes is described in campsite.yaml."""

ID = "id"
SERVERS = {}
BUCKETS = {}
LINES = []


class Client:
    def create_server(self, name):
        SERVERS[name] = {"id": name, "status": "BUILD"}
        return dict(SERVERS[name])

    def start_server(self, name):
        SERVERS[name] = {"id": name, "status": "BUILD"}
        return {"reservation": name}

    def wait_for_server(self, server):
        SERVERS[server["id"]]["status"] = "ACTIVE"

    def get_server(self, server_id):
        SERVERS[server_id]["status"] = "ACTIVE"
        return dict(SERVERS[server_id])

    def list_servers(self):
        return [dict(server) for server in SERVERS.values()]

    def find_servers(self, name):
        return [dict(server) for server in SERVERS.values() if server["id"] == name]

    def delete_server(self, server_id):
        del SERVERS[server_id]

    def put_bucket(self, name, **labels):
        BUCKETS[name] = labels
        return len(labels)

    def delete_bucket(self, name):
        BUCKETS.pop(name, None)

    def run(self, line):
        LINES.append(line)
        return line.split()[-1]
