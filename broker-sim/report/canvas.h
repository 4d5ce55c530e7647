// Shapes of an SVG picture. Numbers are pixels.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace rookery::broker_sim {

class Canvas {
 public:
  void Rectangle(double x, double y, double width, double height, absl::string_view style,
                 absl::string_view title = "");
  void Line(double x1, double y1, double x2, double y2, absl::string_view style);
  // `style` is a class of the sheet.
  void Text(double x, double y, absl::string_view text, absl::string_view style);
  // An area between the points and `base`.
  void Area(const std::vector<std::pair<double, double>>& points, double base,
            absl::string_view style);
  void Path(const std::vector<std::pair<double, double>>& points, absl::string_view style);

  // The whole picture.
  std::string Finish(double width, double height, absl::string_view sheet) const;

 private:
  std::string body_;
};

std::string EscapeXml(absl::string_view text);

}  // namespace rookery::broker_sim
