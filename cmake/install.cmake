# What an installed Ostiary looks like: headers, two libraries, the command, CMake and pkg-config files.

include(CMakePackageConfigHelpers)
set(OSTIARY_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/ostiary)

# Two sets: who asks for core or capi alone must not need what the static library links.
install(TARGETS ostiary_core ostiary_capi EXPORT ostiary-targets
  FILE_SET HEADERS
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT dev)
install(TARGETS ostiary_ostiary EXPORT ostiary-static-targets ARCHIVE COMPONENT dev)
foreach(set ostiary-targets ostiary-static-targets)
  install(EXPORT ${set} NAMESPACE ostiary:: DESTINATION ${OSTIARY_CMAKE_DIR} COMPONENT dev)
endforeach()
if(OSTIARY_CLI)
  install(TARGETS ostiary_cli RUNTIME COMPONENT runtime)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/ostiary-config.cmake.in
  ${PROJECT_BINARY_DIR}/ostiary-config.cmake INSTALL_DESTINATION ${OSTIARY_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ostiary-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ostiary-config.cmake ${PROJECT_BINARY_DIR}/ostiary-config-version.cmake
  DESTINATION ${OSTIARY_CMAKE_DIR} COMPONENT dev)

# Relative, so that the installed tree may be moved.
file(RELATIVE_PATH OSTIARY_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/ostiary.pc.in ${PROJECT_BINARY_DIR}/ostiary.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ostiary.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
