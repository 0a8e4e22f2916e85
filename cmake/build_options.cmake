# Warnings are for our own build; the presets make them errors. Hardening holds everywhere.

function(ostiary_build_options target)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF C_EXTENSIONS OFF C_STANDARD 11 POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wundef -Wformat=2 -Wvla
      $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wextra-semi>
      $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
      # A field left out of a designated initialiser takes its default, which is the point of having one.
      -Wno-missing-field-initializers
      # GCC 12 sees overlapping copies in std::string where there are none (GCC bug 105651).
      $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
  endif()
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=address" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    # GCC's frames for detect_stack_use_after_return are not aligned to 64 bytes, as spilled AVX-512 registers want.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wa,-muse-unaligned-vector-move>)
  endif()
  if(NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")  # quoted: WASI is also a variable
    target_compile_options(${target} PRIVATE -fstack-protector-strong
      "$<$<CONFIG:Release,RelWithDebInfo>:SHELL:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>")
    target_compile_definitions(${target} PRIVATE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
    target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now)
  endif()
endfunction()
