// What a server says, as a script shows it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coordinator/model/event.h"
#include "coordinator/model/reply.h"

namespace rookery::script {

// What differs from server to server, and the names that stand for it.
struct Names {
  model::Zxid zxid_base = 0;
  std::map<model::SessionId, std::string> sessions;  // by the connection that opened them

  // A connection's second session is name#2.
  void AddSession(model::SessionId session, const std::string& connection);
  std::string Zxid(model::Zxid zxid) const;
  std::string Session(model::SessionId session) const;
};

// One line, and one more for each part of a multi.
std::vector<std::string> ReplyText(const model::Reply& reply, const Names& names);
std::string EventText(const model::Event& event);
std::string AclText(const model::Acl& acl);

}  // namespace rookery::script
