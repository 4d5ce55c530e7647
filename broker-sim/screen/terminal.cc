#include "broker-sim/screen/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace rookery::broker_sim {
namespace {

constexpr char kOtherScreen[] = "\x1b[?1049h\x1b[2J";
constexpr char kFirstScreen[] = "\x1b[0m\x1b[?25h\x1b[?1049l";
constexpr char kHideCursor[] = "\x1b[?25l";

}  // namespace

struct Terminal::Settings {
  termios value = {};
};

bool Terminal::Usable() {
  const char* kind = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string(kind) != "dumb";
}

Terminal::Terminal(bool typed_into) : typed_into_(typed_into) {
  before_ = std::make_unique<Settings>();
  if (tcgetattr(STDIN_FILENO, &before_->value) != 0) {
    before_.reset();
  } else if (!typed_into_) {
    termios quiet = before_->value;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);  // Ctrl-C is still a signal
    tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
  }
  Write(typed_into_ ? absl::StrCat(kOtherScreen, "\x1b[", Size().second, ";1H")
                    : absl::StrCat(kOtherScreen, kHideCursor));
}

Terminal::~Terminal() { GiveBack(); }

void Terminal::GiveBack() {
  if (!std::exchange(taken_, false)) return;
  Write(kFirstScreen);
  if (before_ != nullptr) tcsetattr(STDIN_FILENO, TCSANOW, &before_->value);
  before_.reset();
}

std::pair<int, int> Terminal::Size() const {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {80, 24};
  }
  return {size.ws_col, size.ws_row};
}

void Terminal::Write(const std::string& text) const {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (wrote <= 0) return;  // whoever looked has gone
    done += static_cast<size_t>(wrote);
  }
}

}  // namespace rookery::broker_sim
