"""Downloads one source archive through the Python packaging tool's own index setting.

Only used when `pip download` itself did not manage (it insists on preparing metadata, which
needs a working set of build tools). Arguments: project, file name, sha256, folder.
"""
import hashlib
import os
import sys
from html.parser import HTMLParser
from urllib.parse import urljoin

from pip._internal.configuration import Configuration
from pip._internal.models.index import PyPI
from pip._vendor import requests


def setting(config, name):
    for section in (":env:", "download", "install", "global"):
        try:
            return config.get_value(f"{section}.{name}")
        except Exception:  # pip's own error class moved between versions
            continue
    return None


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found += [value for key, value in attrs if key == "href" and value]


def main():
    project, name, sha256, folder = sys.argv[1:]
    config = Configuration(isolated=False)
    config.load()
    index = setting(config, "index-url") or PyPI.simple_url
    verify = setting(config, "cert") or True
    page_url = index.rstrip("/") + "/" + project + "/"
    page = requests.get(page_url, timeout=60, verify=verify)
    page.raise_for_status()
    links = Links()
    links.feed(page.text)
    wanted = [u for u in links.found if u.split("#")[0].endswith("/" + name)]
    if not wanted:
        sys.exit(f"{name} is not listed by the configured index")
    body = requests.get(urljoin(page.url, wanted[0]), timeout=300, verify=verify)
    body.raise_for_status()
    if hashlib.sha256(body.content).hexdigest() != sha256:
        sys.exit(f"{name}: sha256 differs from the pinned one")
    with open(os.path.join(folder, name), "wb") as out:
        out.write(body.content)


main()
