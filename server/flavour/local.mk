# sources, headers and unit tests of this room
