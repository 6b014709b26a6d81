#include "coord/notify/template_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::notify {
namespace {

bool is_blank(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

/// The tag's line holds nothing else: then gives where the line begins and where the next one does.
bool stands_alone(std::string_view text, std::size_t& begin, std::size_t& end) noexcept {
  const auto before = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  const auto line = before == std::string_view::npos ? 0 : before + 1;
  const auto next = std::min(text.find('\n', end), text.size());
  if (!is_blank(text.substr(line, begin - line)) || !is_blank(text.substr(end, next - end)))
    return false;
  begin = line;
  end = std::min(next + 1, text.size());
  return true;
}

} // namespace

std::string escaped(std::string_view text, escaping how) {
  std::string safe;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (how == escaping::html && c == '&')
      safe += "&amp;";
    else if (how == escaping::html && c == '<')
      safe += "&lt;";
    else if (how == escaping::html && c == '>')
      safe += "&gt;";
    else if (how == escaping::html && c == '"')
      safe += "&quot;";
    else if (how == escaping::html && c == '\'')
      safe += "&#39;";
    else
      safe += control ? ' ' : c;
  }
  return safe;
}

struct template_text::scope {
  const values& own;
  const scope* around;
  escaping how;

  const std::string* text(std::string_view name, bool& is_block) const {
    for (const auto* s = this; s != nullptr; s = s->around) {
      if (const auto found = s->own.texts.find(name); found != s->own.texts.end())
        return is_block = false, &found->second;
      if (const auto found = s->own.blocks.find(name); found != s->own.blocks.end())
        return is_block = true, &found->second;
    }
    return nullptr;
  }
  const std::vector<values>* list(std::string_view name) const {
    for (const auto* s = this; s != nullptr; s = s->around)
      if (const auto found = s->own.lists.find(name); found != s->own.lists.end())
        return &found->second;
    return nullptr;
  }
};

expected<template_text, std::string> template_text::parse(std::string_view text,
                                                          std::span<const std::string_view> known) {
  if (text.size() > limit_bytes)
    return unexpected{fmt::format("the template is larger than {} KiB", limit_bytes >> 10)};
  template_text made;
  std::vector<std::size_t> open;
  const auto line_of = [&](std::size_t at) {
    return 1 + std::ranges::count(text.substr(0, at), '\n');
  };
  for (std::size_t at = 0; at < text.size();) {
    auto begin = text.find("{{", at);
    if (begin == std::string_view::npos) {
      made.parts_.push_back({part_kind::literal, std::string{text.substr(at)}, 0});
      break;
    }
    const auto close = text.find("}}", begin);
    if (close == std::string_view::npos)
      return unexpected{fmt::format("line {}: '{{{{' without '}}}}'", line_of(begin))};
    const auto line = line_of(begin);
    auto name = text.substr(begin + 2, close - begin - 2);
    auto end = close + 2;
    auto kind = part_kind::name;
    if (name.starts_with('#') || name.starts_with('/')) {
      kind = name.front() == '#' ? part_kind::begin : part_kind::end;
      name.remove_prefix(1);
      stands_alone(text, begin, end);
    }
    if (std::ranges::find(known, name) == known.end())
      return unexpected{fmt::format("line {}: '{}' is not known; known are {}", line, name,
                                    fmt::join(known, ", "))};
    if (begin > at)
      made.parts_.push_back({part_kind::literal, std::string{text.substr(at, begin - at)}, 0});
    if (kind == part_kind::begin) {
      if (open.size() == depth_limit)
        return unexpected{fmt::format("line {}: sections nest deeper than {}", line, depth_limit)};
      open.push_back(made.parts_.size());
    } else if (kind == part_kind::end) {
      if (open.empty() || made.parts_[open.back()].text != name)
        return unexpected{fmt::format("line {}: '/{}' ends no section of that name", line, name)};
      made.parts_[open.back()].partner = made.parts_.size();
      open.pop_back();
    }
    made.parts_.push_back({kind, std::string{name}, 0});
    at = std::max(end, at);
  }
  if (!open.empty())
    return unexpected{fmt::format("the section '{}' has no end", made.parts_[open.back()].text)};
  return made;
}

void template_text::render_range(std::size_t from, std::size_t to, const scope& in,
                                 std::string& out) const {
  for (auto at = from; at < to && out.size() < rendered_limit_bytes; ++at) {
    const auto& part = parts_[at];
    bool is_block = false;
    if (part.kind == part_kind::literal) {
      out += part.text;
    } else if (part.kind == part_kind::name) {
      if (const auto* text = in.text(part.text, is_block))
        out += is_block ? *text : escaped(*text, in.how);
    } else if (part.kind == part_kind::begin) {
      const auto* text = in.text(part.text, is_block);
      if (const auto* list = in.list(part.text))
        for (const auto& element : *list)
          render_range(at + 1, part.partner, {element, &in, in.how}, out);
      else if (text != nullptr && !text->empty())
        render_range(at + 1, part.partner, in, out);
      at = part.partner;
    }
  }
}

std::string template_text::render(const values& with, escaping how) const {
  std::string out;
  render_range(0, parts_.size(), {with, nullptr, how}, out);
  if (out.size() > rendered_limit_bytes)
    out.resize(rendered_limit_bytes);
  return out;
}

} // namespace cresset::coord::notify
