#include "broker-sim/ensemble/four_letters.h"

#include <memory>
#include <utility>

namespace rookery::broker_sim {
namespace {

// Holds itself until it has told what came of it.
class Question final : public StreamHandler, public std::enable_shared_from_this<Question> {
 public:
  using Tell = absl::AnyInvocable<void(std::string)>;
  Question(Executor* executor, std::string word, Tell tell)
      : executor_(executor), word_(std::move(word)), tell_(std::move(tell)) {}

  void Ask(Network* network, const Address& server, int64_t timeout_us) {
    timer_ = executor_->RunAfter(timeout_us, [self = shared_from_this()] { self->Finish(); });
    network->Connect(server, timeout_us,
                     [self = shared_from_this()](absl::StatusOr<std::unique_ptr<Stream>> stream) {
                       if (!stream.ok()) return self->Finish();
                       if (self->tell_ == nullptr) return;
                       self->stream_ = *std::move(stream);
                       self->stream_->Start(self.get());
                       self->stream_->Write(self->word_);
                     });
  }

 private:
  void OnBytes(absl::string_view bytes) override { answer_.append(bytes.data(), bytes.size()); }
  void OnClosed(absl::Status) override { Finish(); }
  void Finish() {
    if (tell_ == nullptr) return;
    executor_->Cancel(timer_);
    executor_->Post([self = shared_from_this(), tell = std::exchange(tell_, nullptr)]() mutable {
      self->stream_.reset();
      tell(std::move(self->answer_));
    });
  }

  Executor* const executor_;
  const std::string word_;
  Tell tell_;
  TimerId timer_ = 0;
  std::unique_ptr<Stream> stream_;
  std::string answer_;
};

}  // namespace

Async<std::string> AskFourLetters(Executor* executor, Network* network, Address server,
                                  std::string word, int64_t timeout_us) {
  Completion<std::string> done;
  auto question = std::make_shared<Question>(executor, std::move(word), done.Callback());
  question->Ask(network, server, timeout_us);
  question.reset();
  co_return co_await done;
}

}  // namespace rookery::broker_sim
