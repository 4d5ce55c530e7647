#include "tools/rookery/bench/connection.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "coordinator/base/status_macros.h"
#include "coordinator/wire/zookeeper/reply.h"
#include "coordinator/wire/zookeeper/request.h"

namespace rookery::tools::bench {
namespace {

constexpr size_t kInboxBytes = 256 * 1024;

uint32_t ReadInt(const char* at) {
  uint32_t number;
  std::memcpy(&number, at, 4);
  return __builtin_bswap32(number);
}

// Scatters consecutive numbers evenly, so that neighbours in time are none in the tree.
uint64_t Scatter(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
  return number ^ (number >> 31);
}

int32_t NextXid(int32_t xid) { return xid == INT32_MAX ? 1 : xid + 1; }

}  // namespace

Connection::Connection(Socket socket, const RequestTemplate* request, int inflight, SharedRun* run,
                       Tally* tally, const std::set<int32_t>* expected_errors)
    : socket_(std::move(socket)),
      request_(request),
      run_(run),
      tally_(tally),
      expected_errors_(expected_errors),
      inbox_(kInboxBytes),
      begun_ns_(inflight) {}

absl::Status Connection::Fill(int64_t now_ns) {
  while (!drained_ && pending_ < begun_ns_.size()) {
    if (run_->end_ns != 0 && now_ns >= run_->end_ns) {
      drained_ = true;
      break;
    }
    const uint64_t number = run_->next.fetch_add(1, std::memory_order_relaxed);
    if (run_->count != 0 && number >= run_->count) {
      drained_ = true;
      break;
    }
    const uint64_t key = run_->create ? run_->first_key + number : Scatter(number) % run_->keys;
    request_->Append(next_xid_, key, &outbox_);
    next_xid_ = NextXid(next_xid_);
    begun_ns_[(first_ + pending_) % begun_ns_.size()] = now_ns;
    ++pending_;
  }
  return Flush();
}

absl::Status Connection::Flush() {
  if (!WantsWrite()) return absl::OkStatus();
  ROOKERY_ASSIGN_OR_RETURN(const size_t count,
                           socket_.Write(absl::string_view(outbox_).substr(written_)));
  written_ += count;
  if (written_ == outbox_.size()) {
    outbox_.clear();
    written_ = 0;
  }
  return absl::OkStatus();
}

void Connection::CloseSession() {
  wire::EncodeRequest(next_xid_, model::WriteOperation(model::CloseSessionRequest()), &outbox_);
  Flush().IgnoreError();
}

absl::Status Connection::OnReadable(int64_t now_ns) {
  if (inbox_begin_ > 0) {
    std::memmove(inbox_.data(), inbox_.data() + inbox_begin_, inbox_end_ - inbox_begin_);
    inbox_end_ -= inbox_begin_;
    inbox_begin_ = 0;
  }
  if (inbox_end_ == inbox_.size()) inbox_.resize(inbox_.size() * 2);  // one answer fills it
  ROOKERY_ASSIGN_OR_RETURN(const size_t count,
                           socket_.Read(inbox_.data() + inbox_end_, inbox_.size() - inbox_end_));
  inbox_end_ += count;
  ROOKERY_RETURN_IF_ERROR(OnAnswers(now_ns));
  return Fill(now_ns);
}

absl::Status Connection::OnAnswers(int64_t now_ns) {
  while (inbox_end_ - inbox_begin_ >= 4) {
    const char* frame = inbox_.data() + inbox_begin_;
    const size_t length = ReadInt(frame);
    if (inbox_end_ - inbox_begin_ - 4 < length) break;
    if (length < wire::kReplyHeaderBytes || pending_ == 0) {
      return absl::InternalError("the server sent what nobody asked for");
    }
    const auto xid = static_cast<int32_t>(ReadInt(frame + 4));
    if (xid != expected_xid_) {
      return absl::InternalError(
          absl::StrCat("expected the answer to request ", expected_xid_, ", found that to ", xid));
    }
    expected_xid_ = NextXid(expected_xid_);
    OnAnswer(static_cast<int32_t>(ReadInt(frame + 16)), now_ns);
    inbox_begin_ += 4 + length;
  }
  return absl::OkStatus();
}

void Connection::OnAnswer(int32_t error, int64_t now_ns) {
  const int64_t begun_ns = begun_ns_[first_];
  first_ = (first_ + 1) % begun_ns_.size();
  --pending_;
  if (error != 0 && !expected_errors_->contains(error)) ++tally_->errors[error];
  if (now_ns < run_->measure_from_ns || (run_->end_ns != 0 && now_ns > run_->end_ns)) return;
  if (error == 0 || expected_errors_->contains(error)) ++tally_->operations;
  tally_->last_answer_ns = now_ns;
  tally_->latency_ns.Add(static_cast<uint64_t>(now_ns - begun_ns));
}

}  // namespace rookery::tools::bench
