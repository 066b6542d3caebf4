"""Downloads from a hub of our own: resumed, compared, refused in sentences."""

import contextlib
import hashlib
import http.server
import io
import json
import os
import threading
import unittest

import house

os.environ["GRPO_LENS_WAIT"] = "0"

from grpo_lens import download  # noqa: E402

FILES = {"config.json": b"{}", "model.safetensors": bytes(range(256)) * 5000, "sub/notes.txt": b"hello"}


class Hub(http.server.BaseHTTPRequestHandler):
    cuts = 0
    short = False
    wrong = False
    paths = None
    ranges = []
    asked = []

    def do_GET(self):
        path = self.path.split("?")[0]
        Hub.asked.append(path)
        if path.startswith("/api/v1/"):
            files = [
                {"Type": "blob", "Path": name, "Size": len(data), "Sha256": hashlib.sha256(data).hexdigest()}
                for name, data in FILES.items()
            ]
            return self.say(json.dumps({"Data": {"Files": [*files, {"Type": "tree", "Path": "sub"}]}}).encode())
        if path.startswith("/api/") and Hub.short:
            self.send_response(200)
            self.send_header("Content-Length", "99")
            self.end_headers()
            return self.wfile.write(b"[")
        if path.startswith("/api/"):
            if "nobody" in path:
                return self.send_error(404)
            return self.say(json.dumps(self.tree()).encode())
        name = path.split("/resolve/")[1].split("/", 1)[1]
        data = FILES[name]
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        Hub.ranges.append((name, start))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if name.endswith(".safetensors") and Hub.cuts > 0:
            Hub.cuts -= 1
            self.wfile.write(data[start : start + 100_000])
            return self.connection.close()
        self.wfile.write(data[start:] if not Hub.wrong else b"x" * (len(data) - start))

    def tree(self):
        entries = [{"type": "directory", "path": "sub", "oid": "0"}]
        for name, data in FILES.items():
            if name.endswith(".safetensors"):
                lfs = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
                extra = {"oid": "0", "lfs": lfs}
            else:
                extra = {"oid": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()}
            entries.append({"type": "file", "path": Hub.paths or name, "size": len(data), **extra})
        return entries

    def say(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Downloading(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.folder = os.path.join(house.folder({}), "weights")
        Hub.cuts, Hub.short, Hub.wrong, Hub.paths, Hub.ranges, Hub.asked = 0, False, False, None, [], []

    def run_it(self, *more, repo="me/model"):
        out, err = io.StringIO(), io.StringIO()
        endpoint = f"http://127.0.0.1:{self.server.server_port}"
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = download.main([repo, "--save_dir", self.folder, "--endpoint", endpoint, *more])
        return status, out.getvalue() + err.getvalue()

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    found[os.path.relpath(os.path.join(folder, name), self.folder)] = file.read()
        return found

    def test_both_hubs(self):
        for source in ("huggingface", "modelscope"):
            with self.subTest(source):
                self.setUp()
                status, said = self.run_it("--source", source)
                self.assertEqual((status, self.files()), (0, FILES), said)

    def test_a_cut_file_goes_on_where_it_ended(self):
        Hub.cuts = 2
        status, said = self.run_it()
        self.assertEqual((status, self.files()), (0, FILES), said)
        starts = [start for name, start in Hub.ranges if name == "model.safetensors"]
        self.assertEqual(len(starts), 3)
        self.assertEqual(starts, sorted(set(starts)))

    def test_a_second_run_brings_nothing(self):
        self.run_it()
        Hub.ranges.clear()
        status, said = self.run_it()
        self.assertEqual((status, Hub.ranges), (0, []))
        self.assertIn("0.0 MB came now", said)

    def test_a_run_that_was_stopped_is_taken_up(self):
        Hub.cuts = 99
        status, said = self.run_it()
        self.assertEqual(status, 2)
        self.assertIn("did not come after 5 tries", said)
        self.assertNotIn("model.safetensors", self.files())
        Hub.cuts = 0
        self.assertEqual(self.run_it()[0], 0)
        self.assertEqual(self.files(), FILES)

    def test_another_hash_leaves_nothing(self):
        Hub.wrong = True
        status, said = self.run_it()
        self.assertEqual(status, 2)
        self.assertIn("came with another hash", said)
        self.assertEqual(self.files(), {})

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs a device that is always full")
    def test_a_full_disk_leaves_nothing_under_the_final_name(self):
        os.makedirs(self.folder)
        os.symlink("/dev/full", os.path.join(self.folder, "model.safetensors.part"))
        status, said = self.run_it("--include", "*.safetensors")
        self.assertEqual(status, 2)
        self.assertIn("The disk is full at", said)
        self.assertNotIn("model.safetensors", os.listdir(self.folder))

    def test_a_data_set_is_asked_for_as_one(self):
        status, said = self.run_it("--kind", "dataset")
        self.assertEqual((status, self.files()), (0, FILES), said)
        self.assertTrue(all(path.startswith(("/api/datasets/", "/datasets/")) for path in Hub.asked), Hub.asked)

    def test_only_some_files(self):
        self.run_it("--include", "*.json")
        self.assertEqual(list(self.files()), ["config.json"])

    def test_refusals(self):
        self.assertIn("does not exist", self.run_it(repo="nobody/none")[1])
        Hub.short = True
        self.assertIn("cannot be reached or answers strangely", self.run_it()[1])
        Hub.short, Hub.paths = False, "../../evil"
        self.assertIn("leads out of", self.run_it()[1])
        self.server.shutdown()
        self.server.server_close()
        self.assertIn("cannot be reached", self.run_it()[1])


if __name__ == "__main__":
    unittest.main()
