#include "coordinator/frontend/commands/json_text.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace rookery::frontend {
namespace {

void Append(const boost::json::value& value, size_t depth, std::string* out) {
  const std::string indent(2 * (depth + 1), ' ');
  const char* separator = "\n";
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out->push_back('{');
    for (const auto& [key, each] : *object) {
      *out += separator + indent + boost::json::serialize(boost::json::string(key)) + " : ";
      Append(each, depth + 1, out);
      separator = ",\n";
    }
    *out += "\n" + indent.substr(2) + "}";
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    out->push_back('[');
    for (const boost::json::value& each : *array) {
      *out += separator + indent;
      Append(each, depth + 1, out);
      separator = ",\n";
    }
    *out += "\n" + indent.substr(2) + "]";
  } else {
    *out += boost::json::serialize(value);
  }
}

}  // namespace

std::string JsonText(const boost::json::object& object) {
  std::string text;
  Append(object, 0, &text);
  return text + "\n";
}

}  // namespace rookery::frontend
