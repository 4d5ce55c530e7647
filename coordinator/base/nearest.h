// "Did you mean": the known word that a mistyped one is nearest to.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rookery {

// The word of `known` with the fewest letters to change, case aside, the first of equals; "" if
// each has more than `changes_max`, and is no slip of the fingers but another word.
std::string NearestWord(absl::string_view word, const std::vector<std::string>& known,
                        size_t changes_max);

}  // namespace rookery
