"""The hub that our downloads are tested against, asked by the real clients of both hubs: do they understand it as we do?

Prints a JSON: for each client the files that it lists and whether what it brings is what is there.
"""

import hashlib
import http.server
import json
import os
import sys
import tempfile
import threading
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../python"), os.path.join(HERE, "../../python")]

import test_download as ours  # noqa: E402

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ours.Hub):
    """With what only the real clients ask for: the commit of a revision, and a file's headers before the file."""

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith("/api/models/") and "/revision/" in path:
            siblings = [{"rfilename": name} for name in ours.FILES]
            return self.say(json.dumps({"id": "me/model", "sha": COMMIT, "siblings": siblings}).encode())
        if path.endswith("/revisions"):
            named = [{"Revision": "master"}]
            return self.say(json.dumps({"Code": 200, "Data": {"RevisionMap": {"Branches": named, "Tags": []}}}).encode())
        if path.endswith("/repo"):
            return self.say(ours.FILES[urllib.parse.parse_qs(self.path.split("?")[1])["FilePath"][0]])
        return super().do_GET()

    def do_HEAD(self):
        name = self.path.split("?")[0].split("/resolve/")[1].split("/", 1)[1]
        entry = next(each for each in self.tree() if each["path"] == name)
        self.send_response(200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{entry.get("lfs", entry)["oid"]}"')
        self.send_header("Content-Length", str(entry["size"]))
        self.end_headers()


def whole(folder):
    return all(open(os.path.join(folder, name), "rb").read() == data for name, data in ours.FILES.items())


def huggingface(endpoint):
    from huggingface_hub import HfApi, snapshot_download

    tree = HfApi(endpoint=endpoint).list_repo_tree("me/model", recursive=True)
    listed = {each.path: [each.size, each.lfs.sha256 if each.lfs else each.blob_id] for each in tree if hasattr(each, "size")}
    return {"listed": listed, "whole": whole(snapshot_download("me/model", endpoint=endpoint))}


def modelscope(endpoint):
    from modelscope.hub.api import HubApi

    files = HubApi(endpoint=endpoint).get_model_files("me/model", recursive=True)
    # It tells no hashes of its list, and folders as files of no size.
    listed = {each["Path"]: each["Size"] for each in files if each["Size"]}
    from modelscope import snapshot_download

    return {"listed": listed, "whole": whole(snapshot_download("me/model", endpoint=endpoint))}


def mine(endpoint, source):
    from grpo_lens.download import listing

    revision = {"huggingface": "main", "modelscope": "master"}[source]
    files = listing("me/model", source, "model", endpoint, revision)
    if source == "modelscope":
        return {each.path: each.size for each in files}
    return {each.path: [each.size, each.sha256 or each.git] for each in files}


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    os.environ.update(HF_HOME=tempfile.mkdtemp(), MODELSCOPE_CACHE=tempfile.mkdtemp(), HF_HUB_DISABLE_XET="1", HF_HUB_OFFLINE="0")
    told = {}
    for client in (huggingface, modelscope):
        found = client(endpoint)
        told[client.__name__] = {"same": found["listed"] == mine(endpoint, client.__name__), "whole": found["whole"]}
    print(json.dumps(told))


main()
