#include "coordinator/kafka/json.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"

namespace rookery::kafka {
namespace {

// Any number that is none of 32 bits.
constexpr int64_t kNoInt32 = std::numeric_limits<int64_t>::max();

const boost::json::value* Find(const boost::json::object& object, absl::string_view key) {
  return object.if_contains({key.data(), key.size()});
}

}  // namespace

absl::StatusOr<boost::json::object> ParseObject(absl::string_view text, absl::string_view what) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": expected a JSON object, found '", text.substr(0, 80), "'"));
  }
  return std::move(value.as_object());
}

absl::StatusOr<int64_t> IntegerOf(const boost::json::object& object, absl::string_view key) {
  const boost::json::value* value = Find(object, key);
  if (value == nullptr || !value->is_int64()) {
    return absl::InvalidArgumentError(absl::StrCat("expected an integer under '", key, "'"));
  }
  return value->get_int64();
}

absl::StatusOr<int32_t> Int32Of(const boost::json::object& object, absl::string_view key) {
  const boost::json::value* value = Find(object, key);
  const int64_t number = value != nullptr && value->is_int64() ? value->get_int64() : kNoInt32;
  if (number != static_cast<int32_t>(number)) {
    return absl::InvalidArgumentError(absl::StrCat("expected a 32-bit integer under '", key, "'"));
  }
  return static_cast<int32_t>(number);
}

absl::StatusOr<std::string> StringOf(const boost::json::object& object, absl::string_view key) {
  const boost::json::value* value = Find(object, key);
  if (value == nullptr || !value->is_string()) {
    return absl::InvalidArgumentError(absl::StrCat("expected a string under '", key, "'"));
  }
  return ToText(value->get_string());
}

std::string ToText(const boost::json::string& text) { return {text.data(), text.size()}; }

absl::StatusOr<std::vector<int32_t>> IntegersOf(const boost::json::value& value,
                                                absl::string_view what) {
  if (!value.is_array()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a list of integers under '", what, "'"));
  }
  std::vector<int32_t> numbers;
  for (const boost::json::value& item : value.get_array()) {
    const int64_t number = item.is_int64() ? item.get_int64() : kNoInt32;
    if (number != static_cast<int32_t>(number)) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected a list of 32-bit integers under '", what, "'"));
    }
    numbers.push_back(static_cast<int32_t>(number));
  }
  return numbers;
}

boost::json::array ToArray(const std::vector<int32_t>& numbers) {
  boost::json::array array;
  for (int32_t number : numbers) array.emplace_back(number);
  return array;
}

}  // namespace rookery::kafka
