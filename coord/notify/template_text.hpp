#pragma once

#include "capture/base/expected.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::notify {

/// What a template is filled with.
struct values {
  /// From outside: written with what could break the page or the line escaped.
  std::map<std::string, std::string, std::less<>> texts;
  /// Made by a template already: written as they are.
  std::map<std::string, std::string, std::less<>> blocks;
  /// For `{{#name}}…{{/name}}`: once for each.
  std::map<std::string, std::vector<values>, std::less<>> lists;
};

/// How texts are escaped: `plain`: control characters become spaces, so that a text stays on its
/// line and cannot begin a header; `html`: the five characters of HTML as well.
enum class escaping { plain, html };

/// The text of a person who may not be trusted, safe at its place.
std::string escaped(std::string_view text, escaping how);

/// A template: text with `{{name}}`, and `{{#name}}…{{/name}}`, which is written once for each
/// element of a list, or once when a text of that name is not empty. A name is looked for in the
/// element, then around it. A tag of a section that stands alone on its line takes the line with it
/// (as in Mustache, of which this is a part). Immutable once parsed.
class template_text {
public:
  static constexpr std::size_t limit_bytes = std::size_t{64} << 10;
  static constexpr std::size_t depth_limit = 8;
  /// What a rendered text may grow to; the rest is cut.
  static constexpr std::size_t rendered_limit_bytes = std::size_t{1} << 20;

  /// `known` are the names it may use. The error is one line with the line's number.
  static expected<template_text, std::string> parse(std::string_view text,
                                                    std::span<const std::string_view> known);
  std::string render(const values& with, escaping how) const;

private:
  enum class part_kind { literal, name, begin, end };
  struct piece {
    part_kind kind = part_kind::literal;
    std::string text;
    std::size_t partner = 0; // of `begin`: where its `end` stands
  };
  struct scope;

  void render_range(std::size_t from, std::size_t to, const scope& in, std::string& out) const;
  std::vector<piece> parts_;
};

} // namespace cresset::coord::notify
