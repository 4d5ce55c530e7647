// A session's requests take effect and are answered in the order in which they were sent: answers
// come in that order, its writes have rising zxids, a read shows all of its earlier writes and none
// of its later ones.
#include "absl/strings/str_cat.h"
#include "tests/sim/checkers/checkers.h"
#include "tests/sim/checkers/facts.h"
#include "tests/sim/history/text.h"

namespace rookery::sim {
namespace {

using model::ToHex;

// A refused session operation takes no zxid of its own, nor does a read.
bool TakesZxid(const Call& call) {
  return IsWrite(call.operation) && call.error != model::ErrorCode::kSessionExpired;
}

void CheckSession(model::SessionId session, const std::vector<const Call*>& calls,
                  Violations* out) {
  const Call* before = nullptr;    // answered, the one before in the order of submission
  const Call* write = nullptr;     // the last write before
  std::vector<const Call*> reads;  // since that write
  for (const Call* call : calls) {
    if (before != nullptr && call->returned < before->returned) {
      out->push_back(absl::StrCat("session ", ToHex(session), ": ", ToText(*call),
                                  " was answered before the earlier ", ToText(*before)));
    }
    if (before != nullptr && call->zxid < before->zxid) {
      out->push_back(absl::StrCat("session ", ToHex(session), ": ", ToText(*call),
                                  " is of an older state than the earlier ", ToText(*before)));
    }
    if (TakesZxid(*call)) {
      if (write != nullptr && call->zxid <= write->zxid) {
        out->push_back(absl::StrCat("session ", ToHex(session), ": the write ", ToText(*call),
                                    " does not come after the earlier ", ToText(*write)));
      }
      for (const Call* read : reads) {
        if (read->zxid < call->zxid) continue;
        out->push_back(absl::StrCat("session ", ToHex(session), ": ", ToText(*read),
                                    " shows the session's own later write ", ToText(*call)));
      }
      write = call;
      reads.clear();
    } else {
      reads.push_back(call);
    }
    before = call;
  }
}

}  // namespace

Violations CheckSessionOrder(const History& history) {
  Violations out;
  for (const auto& [session, calls] : BySession(history)) CheckSession(session, calls, &out);
  return out;
}

}  // namespace rookery::sim
