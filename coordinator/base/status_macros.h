// Early returns for absl::Status and absl::StatusOr. Between modules errors are values; exceptions
// never cross a module.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define ROOKERY_CONCAT_INNER(a, b) a##b
#define ROOKERY_CONCAT(a, b) ROOKERY_CONCAT_INNER(a, b)

// Returns from the enclosing function if `expression`, an absl::Status, is not OK.
#define ROOKERY_RETURN_IF_ERROR(expression)                                 \
  do {                                                                      \
    if (absl::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

// ROOKERY_ASSIGN_OR_RETURN(auto x, F()): binds the value of a StatusOr or returns its status.
#define ROOKERY_ASSIGN_OR_RETURN(declaration, expression) \
  ROOKERY_ASSIGN_OR_RETURN_INNER(ROOKERY_CONCAT(statusor_, __LINE__), declaration, expression)
#define ROOKERY_ASSIGN_OR_RETURN_INNER(name, declaration, expression) \
  auto name = (expression);                                           \
  if (!name.ok()) return std::move(name).status();                    \
  declaration = *std::move(name)
