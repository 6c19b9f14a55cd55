# The accounts that the demo's images are shared with at the start.
allowed_accounts = [
  "0c6e1d5a9b3f4827b1a2c3d4e5f60718",
  "5d2f8e1c7a604b39a8b7c6d5e4f30291",
  "9a7b6c5d4e3f42108f9e8d7c6b5a4938",
  "a8f10467abfc4b87b64614ab36eb9ae4",
  "f4d3a0c2b1e84796a5d8c7b6e9f01234",
]
