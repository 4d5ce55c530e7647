// A line of contenders: ephemeral sequential children of one node, who waits for whom, and whose
// names they have.
//
//   name = "_c_" uuid "-" word sequence     as Curator writes them ("_c_7f..-lock-0000000007")
//        | hex32 word sequence              as kazoo writes them ("7f..__lock__0000000007")
//   sequence = ["-"] 10 digits              given by the server, rising
//
// What stands before the word names the contender and is unique.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/client/client.h"

namespace rookery::client::recipes {

// Whose names a recipe gives to its nodes, so that it stands in one line with clients of that
// library. The two do not see each other's contenders: everybody in a line must use one.
enum class NameStyle { kCurator, kKazoo };

struct Line {
  NameStyle style = NameStyle::kCurator;
  std::string word;  // of our node
  // Words of the nodes that we wait for, those with a smaller sequence.
  std::vector<std::string> before;
};

// The number behind one of `words` at the end of `name`; nullopt: it is no contender of these.
std::optional<int64_t> SequenceOf(absl::string_view name, const std::vector<std::string>& words);

// The name of the nearest node before `own` that it waits for; "" if there is none; nullopt if
// `own` is not among `children`.
std::optional<std::string> NodeBefore(const Line& line, absl::string_view own,
                                      const std::vector<std::string>& children);

// All contenders with one of `words`, in order of their sequence.
std::vector<std::string> InOrder(const std::vector<std::string>& words,
                                 const std::vector<std::string>& children);

// A prefix for the node of a contender: unique by the session and a number of its client. REQUIRES:
// the client has a session.
std::string UniquePrefix(Client* client, const Line& line);

}  // namespace rookery::client::recipes
