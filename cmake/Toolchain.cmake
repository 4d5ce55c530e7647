# Compiler flags, sanitizers, ccache and mold: what every target is built with.
set(ROOKERY_SANITIZE "" CACHE STRING "sanitizers for -fsanitize=, empty for none")

option(ROOKERY_FUZZ "build the fuzz targets with the fuzzer's counters in all modules (needs clang)" OFF)

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
if(NOT DEFINED CACHE{CMAKE_CXX_FLAGS_SANITIZE})
  set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1 -fno-omit-frame-pointer")
endif()
set(CMAKE_C_FLAGS_SANITIZE "${CMAKE_CXX_FLAGS_SANITIZE}")

add_compile_options(-Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers)
if(ROOKERY_SANITIZE)
  add_compile_options(-fsanitize=${ROOKERY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ROOKERY_SANITIZE})
endif()

if(ROOKERY_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "ROOKERY_FUZZ needs clang: use tools/fuzz, or the preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

option(ROOKERY_PLANTS "a build in which one of the bugs of coordinator/base/plant.h can be activated" OFF)
if(ROOKERY_PLANTS)
  add_compile_definitions(ROOKERY_PLANTS)
endif()

find_program(ROOKERY_CCACHE ccache)
if(ROOKERY_CCACHE)
  # Paths in the cache are relative to the checkout, so that every clone and worktree shares it.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
               ${ROOKERY_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
find_program(ROOKERY_MOLD mold)
if(ROOKERY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
