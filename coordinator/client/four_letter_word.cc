#include "coordinator/client/four_letter_word.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "coordinator/base/net/asio_core.h"

namespace rookery::client {
namespace {

// Collects what comes until the server closes, then ends the loop.
class Question final : public StreamHandler {
 public:
  Question(AsioCore* core, std::string word) : core_(core), word_(std::move(word)) {}

  void OnConnected(absl::StatusOr<std::unique_ptr<Stream>> stream) {
    if (!stream.ok()) return End(stream.status());
    stream_ = *std::move(stream);
    stream_->Start(this);
    stream_->Write(word_);
  }
  void OnBytes(absl::string_view bytes) override { answer_.append(bytes.data(), bytes.size()); }
  void OnClosed(absl::Status why) override {
    // A server that had more to read than the word resets the connection after its answer.
    End(answer_.empty() ? std::move(why) : absl::OkStatus());
  }
  void End(absl::Status status) {
    status_ = std::move(status);
    core_->Stop();
  }
  absl::StatusOr<std::string> Take() {
    stream_ = nullptr;
    if (!status_.ok()) return status_;
    return std::move(answer_);
  }

 private:
  AsioCore* core_;
  std::string word_;
  std::unique_ptr<Stream> stream_;
  std::string answer_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::string> AskFourLetterWord(const Address& server, absl::string_view word,
                                              int64_t timeout_ms) {
  AsioCore core;
  Question question(&core, std::string(word));
  core.Post([&] {
    core.Connect(server, timeout_ms * 1000, [&](absl::StatusOr<std::unique_ptr<Stream>> stream) {
      question.OnConnected(std::move(stream));
    });
    core.RunAfter(timeout_ms * 1000, [&] {
      question.End(absl::DeadlineExceededError(absl::StrCat(server.ToString(), " did not answer ",
                                                            word, " within ", timeout_ms, " ms")));
    });
  });
  core.Run();
  return question.Take();
}

}  // namespace rookery::client
