"""Open data for anybody, without a login: the API, its description, the Satu Data package, the check of a report."""

from office.open_data import api, description, package, verify
from office.open_data.door import pages

__all__ = ["api", "description", "package", "pages", "verify"]
