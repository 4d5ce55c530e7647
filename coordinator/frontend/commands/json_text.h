// JSON for people: indented by two spaces, a key per line. Private to this module.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace rookery::frontend {

// Ends with a newline.
std::string JsonText(const boost::json::object& object);

}  // namespace rookery::frontend
