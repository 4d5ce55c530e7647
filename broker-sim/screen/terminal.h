// The terminal of this process: taken over for a live view, and given back as it was.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace rookery::broker_sim {

class Terminal {
 public:
  // Standard output is a terminal that understands the codes.
  static bool Usable();

  // Shows another screen, without a cursor unless lines are typed into its last row.
  explicit Terminal(bool typed_into);
  // Gives the terminal back.
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // As it was before: screen, cursor, echo. A second call does nothing.
  void GiveBack();

  // Columns and rows as they are now.
  std::pair<int, int> Size() const;
  void Write(const std::string& text) const;
  bool typed_into() const { return typed_into_; }

 private:
  struct Settings;
  const bool typed_into_;
  bool taken_ = true;
  std::unique_ptr<Settings> before_;  // null: standard input is no terminal
};

}  // namespace rookery::broker_sim
