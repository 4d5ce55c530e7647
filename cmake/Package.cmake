# The client library for others: find_package(Rookery). Included after all modules.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

configure_file(${CMAKE_SOURCE_DIR}/cmake/package/version.h.in
               ${CMAKE_BINARY_DIR}/generated/rookery/version.h @ONLY)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Rookery)
foreach(module base model sasl wire api_protocol client zookeeper_client grpc_client client_factory
               client_recipes)
  set_target_properties(rookery_${module} PROPERTIES EXPORT_NAME ${module})
  install(TARGETS rookery_${module} EXPORT RookeryTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
endforeach()
install(EXPORT RookeryTargets NAMESPACE rookery:: DESTINATION ${package}
        COMPONENT development)

# What include/rookery includes stands below detail, under its own names.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/rookery DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT development)
install(FILES ${CMAKE_BINARY_DIR}/generated/rookery/version.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rookery COMPONENT development)
foreach(module base model client)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/coordinator/${module}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rookery/detail/coordinator
          COMPONENT development FILES_MATCHING PATTERN "*.h")
endforeach()

configure_package_config_file(cmake/package/RookeryConfig.cmake.in
  ${CMAKE_BINARY_DIR}/RookeryConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/RookeryConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/RookeryConfig.cmake ${CMAKE_BINARY_DIR}/RookeryConfigVersion.cmake
        DESTINATION ${package} COMPONENT development)
