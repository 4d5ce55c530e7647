// How a server with an empty data directory comes to belong to an ensemble: a function of what its
// peers say of themselves. It ends in one of
//
//   found    every voter of its own list was reached, each is empty and has the same list, or was
//            restored from the same backup
//   join     its peers have founded, and their member list has a row with its disk id
//   wait     for servers that are missing, for 'rookery ensemble add', or, since its row names
//   another
//            disk, for 'rookery ensemble rejoin'
//
// All voters are needed, not a majority: two wiped servers would otherwise found anew beside a
// third that still has the data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "coordinator/consensus/peer/hello.h"
#include "coordinator/consensus/peer/identity.h"
#include "coordinator/consensus/peer/peer_frame.h"

namespace rookery::consensus {

class Founding {
 public:
  struct Decision {
    enum class Kind { kWait, kFound, kJoin };
    Kind kind = Kind::kWait;
    Identity identity;  // kFound, kJoin: what to store before going on
    std::string text;   // kWait: for whom or what, and what to do about it
  };

  // `self` is empty. What a peer said counts for `fresh_us`.
  Founding(Hello self, int64_t fresh_us);

  // A peer came and said hello.
  void OnHello(const Hello& theirs, int64_t now_us);
  // A visit to server `number` was answered, or failed.
  void OnAnswer(uint32_t number, const HelloAnswerFrame& answer, int64_t now_us);
  void OnFailedVisit(uint32_t number, std::string why);

  Decision Decide(int64_t now_us) const;

  // True if `theirs` says something else than this server knows of that peer.
  bool IsNews(const Hello& theirs) const;

 private:
  struct Known {
    std::optional<Hello> hello;  // absent: never heard
    std::optional<MemberList> members;
    HelloRefusal refusal = HelloRefusal::kNone;
    std::string refusal_text;
    std::string trouble;  // of the last visit; empty if it went well
    int64_t heard_us = 0;
  };

  std::optional<Decision> DecideFromFounded(int64_t now_us) const;
  Decision DecideFromEmpty(int64_t now_us) const;
  Decision Join(const Known& from, const MemberRow& row) const;
  FoundingList MakeFoundingList() const;
  // Why the voter `line` does not let this server found yet; empty if it does.
  std::string Obstacle(const ServerLine& line, int64_t now_us) const;
  bool IsFresh(const Known& known, int64_t now_us) const;

  Hello self_;
  int64_t fresh_us_;
  std::map<uint32_t, Known> known_;  // by server number; without this server
};

}  // namespace rookery::consensus
