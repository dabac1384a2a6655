"""One vendor, one module: everything that touches a disk, a socket or a library with either."""
