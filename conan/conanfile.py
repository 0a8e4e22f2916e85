"""Conan 2 recipe: builds from this checkout, against the libraries of the system."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load
from conan.tools.system.package_manager import Apt


class OstiaryConan(ConanFile):
    name = "ostiary"
    license = "Apache-2.0"
    description = "Inspects HTTP request heads, verifies tokens and decides what the verified may do"
    topics = ("http", "jwt", "authorization", "security")
    package_type = "shared-library"
    settings = "os", "arch", "compiler", "build_type"

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, os.pardir)

    def set_version(self):
        text = load(self, os.path.join(self._root, "CMakeLists.txt"))
        self.version = re.search(r"project\(ostiary VERSION (\S+)", text)[1]

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "include/*", "src/*", "capi/*", "cmake/*"):
            copy(self, pattern, self._root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def validate(self):
        check_min_cppstd(self, 20)

    def system_requirements(self):
        Apt(self).check(["libssl-dev", "libsimdjson-dev", "nlohmann-json3-dev"])

    def generate(self):
        toolchain = CMakeToolchain(self)
        for option in ("TESTS", "BENCH", "CLI", "PYTHON"):
            toolchain.cache_variables[f"OSTIARY_{option}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        # The package brings its own ostiary-config.cmake; there is one truth about targets and components.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs.append(os.path.join("lib", "cmake", "ostiary"))
        # What every other build system links is the C interface.
        self.cpp_info.set_property("pkg_config_name", "ostiary")
        self.cpp_info.libs = ["ostiary"]
