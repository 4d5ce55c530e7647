// Reading Kafka's JSON: unknown keys are ignored, wrong types are named. Private to this module.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rookery::kafka {

// InvalidArgument: not a JSON object; `what` names the znode in the message.
absl::StatusOr<boost::json::object> ParseObject(absl::string_view text, absl::string_view what);

// Each is InvalidArgument when the key is missing or has another type.
absl::StatusOr<int64_t> IntegerOf(const boost::json::object& object, absl::string_view key);
absl::StatusOr<int32_t> Int32Of(const boost::json::object& object, absl::string_view key);
absl::StatusOr<std::string> StringOf(const boost::json::object& object, absl::string_view key);
absl::StatusOr<std::vector<int32_t>> IntegersOf(const boost::json::value& value,
                                                absl::string_view what);

// All of it; c_str() would end at a zero byte, which "\u0000" puts anywhere.
std::string ToText(const boost::json::string& text);
boost::json::array ToArray(const std::vector<int32_t>& numbers);

}  // namespace rookery::kafka
