#include "broker-sim/report/canvas.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace rookery::broker_sim {

std::string EscapeXml(absl::string_view text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

void Canvas::Rectangle(double x, double y, double width, double height, absl::string_view style,
                       absl::string_view title) {
  absl::StrAppendFormat(&body_, "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' class='%s'", x,
                        y, width, height, style);
  if (title.empty()) {
    absl::StrAppendFormat(&body_, "/>\n");
  } else {
    absl::StrAppendFormat(&body_, "><title>%s</title></rect>\n", EscapeXml(title));
  }
}

void Canvas::Line(double x1, double y1, double x2, double y2, absl::string_view style) {
  absl::StrAppendFormat(&body_, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s'/>\n", x1,
                        y1, x2, y2, style);
}

void Canvas::Text(double x, double y, absl::string_view text, absl::string_view style) {
  absl::StrAppendFormat(&body_, "<text x='%.1f' y='%.1f' class='%s'>%s</text>\n", x, y, style,
                        EscapeXml(text));
}

void Canvas::Area(const std::vector<std::pair<double, double>>& points, double base,
                  absl::string_view style) {
  if (points.empty()) return;
  absl::StrAppendFormat(&body_, "<path class='%s' d='M%.1f %.1f", style, points.front().first,
                        base);
  for (const auto& [x, y] : points) absl::StrAppendFormat(&body_, "L%.1f %.1f", x, y);
  absl::StrAppendFormat(&body_, "L%.1f %.1fZ'/>\n", points.back().first, base);
}

void Canvas::Path(const std::vector<std::pair<double, double>>& points, absl::string_view style) {
  if (points.empty()) return;
  absl::StrAppendFormat(&body_, "<path class='%s' d='", style);
  for (size_t i = 0; i < points.size(); ++i) {
    absl::StrAppendFormat(&body_, "%c%.1f %.1f", i == 0 ? 'M' : 'L', points[i].first,
                          points[i].second);
  }
  absl::StrAppendFormat(&body_, "'/>\n");
}

std::string Canvas::Finish(double width, double height, absl::string_view sheet) const {
  return absl::StrFormat(
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f %.0f' width='%.0f' "
      "height='%.0f'>\n<style>%s</style>\n%s</svg>\n",
      width, height, width, height, sheet, body_);
}

}  // namespace rookery::broker_sim
