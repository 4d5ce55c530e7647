# Precompiled headers, for builds that are made from nothing again and again: most of a sanitized
# build's time would go into reading the same headers in each of some hundred files. Not for builds
# whose programs are used, so that a file that forgets an include fails there.
option(ROOKERY_COMMON_HEADERS "read common_headers.h once for all files (clang only)" OFF)
if(ROOKERY_COMMON_HEADERS)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "ROOKERY_COMMON_HEADERS needs clang; gcc's precompiled headers save nothing here")
  endif()
  # A precompiled header fits one kind of code only: programs would be compiled with -fPIE, and who
  # uses gRPC with the -pthread that RE2 wants and the C library has outgrown.
  add_compile_options(-fPIC)
  if(TARGET re2::re2)
    set_property(TARGET re2::re2 PROPERTY INTERFACE_COMPILE_OPTIONS "")
  endif()
endif()

# All targets of this build use one precompiled header. REQUIRES: called when all are there.
function(rookery_use_common_headers)
  if(NOT ROOKERY_COMMON_HEADERS)
    return()
  endif()
  rookery_collect_targets(${CMAKE_SOURCE_DIR} targets)
  file(WRITE ${CMAKE_BINARY_DIR}/common_headers.cc "")
  add_library(rookery_common_headers OBJECT ${CMAKE_BINARY_DIR}/common_headers.cc)
  target_link_libraries(rookery_common_headers PRIVATE GTest::gtest GTest::gmock absl::statusor)
  target_precompile_headers(rookery_common_headers PRIVATE ${CMAKE_SOURCE_DIR}/cmake/common_headers.h)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(sources ${target} SOURCES)
    if(type MATCHES "STATIC_LIBRARY|OBJECT_LIBRARY|EXECUTABLE" AND "${sources}" MATCHES "\\.cc")
      set_target_properties(${target} PROPERTIES PRECOMPILE_HEADERS_REUSE_FROM rookery_common_headers)
      add_dependencies(${target} rookery_common_headers)
    endif()
  endforeach()
endfunction()
