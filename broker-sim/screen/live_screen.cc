#include "broker-sim/screen/live_screen.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "broker-sim/screen/frame.h"

namespace rookery::broker_sim {

LiveScreen::LiveScreen(Executor* executor, const Clock* clock, bool typed_into,
                       std::function<Picture()> take)
    : executor_(executor),
      clock_(clock),
      take_(std::move(take)),
      begun_us_(clock->NowUs()),
      terminal_(typed_into) {}

void LiveScreen::Start() {
  Draw();
  executor_->RunAfter(kPeriodUs, [this, running = running_] {
    if (*running) Start();
  });
}

void LiveScreen::Stop() {
  if (!std::exchange(*running_, false)) return;
  terminal_.GiveBack();
}

// What is typed stands in the last row, which is not drawn over.
void LiveScreen::Draw() {
  const auto [columns, rows] = terminal_.Size();
  if (std::exchange(drawn_columns_, columns) != columns ||
      std::exchange(drawn_rows_, rows) != rows) {
    terminal_.Write(terminal_.typed_into() ? absl::StrCat("\x1b[2J\x1b[", rows, ";1H") : "\x1b[2J");
    drawn_rows_ = rows;
  }
  Picture picture = take_();
  const int64_t now_us = clock_->NowUs();
  picture.elapsed_us = now_us - begun_us_;
  for (Picture::Client& client : picture.clients) {
    client.per_s = speeds_.Of(absl::StrCat(client.producer ? "p " : "c ", client.name),
                              client.records, now_us);
  }
  terminal_.Write(
      Encode(DrawFrame(picture, columns, std::max(rows - (terminal_.typed_into() ? 1 : 0), 1))));
}

}  // namespace rookery::broker_sim
