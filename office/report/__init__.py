"""A month of every site: gathered from the store, figured by fixed definitions, written as a file, frozen for good."""
