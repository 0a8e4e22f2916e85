# CMake before 3.31 does not know this system. It has neither shared libraries nor anything else to declare.
set(WASI 1)
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS FALSE)
