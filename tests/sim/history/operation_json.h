// Operations and replies of calls <-> JSON. Private to this folder.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/sim/history/history.h"

namespace rookery::sim::json {

// "setData", ...
absl::string_view OperationName(const client::Operation& operation);

// Adds "op" and its fields to the line.
void WriteOperation(const client::Operation& operation, boost::json::object* line);
// Empty, or what is wrong.
std::string ReadOperation(const boost::json::object& line, client::Operation* operation);

// Null for what carries nothing.
boost::json::value WriteReply(const model::ReplyBody& body);
// The operation says what the reply is.
std::string ReadReply(const boost::json::value& value, const client::Operation& operation,
                      model::ReplyBody* body);

}  // namespace rookery::sim::json
