// Values of a history's fields <-> JSON. Private to this folder.
#pragma once

#include <boost/json.hpp>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/history/fields.h"

namespace rookery::sim::json {

namespace bj = boost::json;

// Every value of an enum that occurs in histories; its name is NameOf().
absl::string_view NameOf(client::WatchEvent::Kind kind);
absl::string_view NameOf(client::SessionState state);
absl::string_view NameOf(model::ErrorCode error);
absl::string_view NameOf(model::Change::Kind kind);
absl::string_view NameOf(model::WatchMode mode);
absl::string_view NameOf(model::WatcherType type);
absl::string_view NameOf(SessionTurn::Kind kind);
absl::string_view NameOf(LogStep::Kind kind);
// False: no such name.
bool FromName(absl::string_view name, client::WatchEvent::Kind* out);
bool FromName(absl::string_view name, client::SessionState* out);
bool FromName(absl::string_view name, model::ErrorCode* out);
bool FromName(absl::string_view name, model::Change::Kind* out);
bool FromName(absl::string_view name, model::WatchMode* out);
bool FromName(absl::string_view name, model::WatcherType* out);
bool FromName(absl::string_view name, SessionTurn::Kind* out);
bool FromName(absl::string_view name, LogStep::Kind* out);

template <typename T>
concept Enum = std::is_enum_v<T>;
template <typename T>
concept Number = std::is_arithmetic_v<T>;

template <typename Visitor, typename T>
concept Struct = requires(Visitor& visitor, T& value) { Fields(visitor, value); };

// --- Writing.

class Writer;
template <typename T>
bj::value ToValue(const T& value);

class Writer {
 public:
  template <typename T>
  void operator()(absl::string_view name, const T& field) {
    object_[bj::string_view(name.data(), name.size())] = ToValue(field);
  }
  bj::object& object() { return object_; }

 private:
  bj::object object_;
};

template <typename T>
struct Codec;

template <typename T>
bj::value ToValue(const T& value) {
  return Codec<T>::Write(value);
}

// --- Reading. What is missing keeps its default.

class Reader {
 public:
  explicit Reader(const bj::object& object) : object_(object) {}
  template <typename T>
  void operator()(absl::string_view name, T& field) {
    const bj::value* value = object_.if_contains(bj::string_view(name.data(), name.size()));
    if (value != nullptr && !Codec<T>::Read(*value, &field)) {
      if (wrong_.empty()) wrong_ = std::string(name);
    }
  }
  // The first field that has a wrong type or value; empty: none.
  const std::string& wrong() const { return wrong_; }

 private:
  const bj::object& object_;
  std::string wrong_;
};

template <Number T>
struct Codec<T> {
  static bj::value Write(T value) { return bj::value(value); }
  static bool Read(const bj::value& value, T* out) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!value.is_bool()) return false;
      *out = value.get_bool();
      return true;
    } else {
      boost::system::error_code error;
      *out = value.to_number<T>(error);
      return !error;
    }
  }
};
template <Enum T>
struct Codec<T> {
  static bj::value Write(T value) {
    const absl::string_view name = NameOf(value);
    return bj::string(bj::string_view(name.data(), name.size()));
  }
  static bool Read(const bj::value& value, T* out) {
    const bj::string* text = value.if_string();
    return text != nullptr && FromName(absl::string_view(text->data(), text->size()), out);
  }
};
template <>
struct Codec<std::string> {
  static bj::value Write(const std::string& value) { return bj::string(value); }
  static bool Read(const bj::value& value, std::string* out) {
    const bj::string* text = value.if_string();
    if (text != nullptr) out->assign(text->data(), text->size());
    return text != nullptr;
  }
};
template <typename T>
struct Codec<std::optional<T>> {
  static bj::value Write(const std::optional<T>& value) {
    return value.has_value() ? ToValue(*value) : bj::value(nullptr);
  }
  static bool Read(const bj::value& value, std::optional<T>* out) {
    if (value.is_null()) {
      out->reset();
      return true;
    }
    return Codec<T>::Read(value, &out->emplace());
  }
};
template <typename T>
struct Codec<std::vector<T>> {
  static bj::value Write(const std::vector<T>& values) {
    bj::array array;
    for (const T& value : values) array.push_back(ToValue(value));
    return array;
  }
  static bool Read(const bj::value& value, std::vector<T>* out) {
    if (!value.is_array()) return false;
    out->clear();
    for (const bj::value& one : value.get_array()) {
      if (!Codec<T>::Read(one, &out->emplace_back())) return false;
    }
    return true;
  }
};
template <typename T>
struct Codec<std::map<std::string, T>> {
  static bj::value Write(const std::map<std::string, T>& values) {
    bj::object object;
    for (const auto& [key, value] : values) object[key] = ToValue(value);
    return object;
  }
  static bool Read(const bj::value& value, std::map<std::string, T>* out) {
    if (!value.is_object()) return false;
    for (const auto& one : value.get_object()) {
      if (!Codec<T>::Read(one.value(), &(*out)[std::string(one.key())])) return false;
    }
    return true;
  }
};
// Types with named fields.
template <typename T>
  requires Struct<Writer, T>
struct Codec<T> {
  static bj::value Write(const T& value) {
    Writer writer;
    Fields(writer, const_cast<T&>(value));  // which only reads
    return std::move(writer.object());
  }
  static bool Read(const bj::value& value, T* out) {
    if (!value.is_object()) return false;
    Reader reader(value.get_object());
    Fields(reader, *out);
    return reader.wrong().empty();
  }
};

}  // namespace rookery::sim::json
