"""Invented names that worlds are made of."""

CITY_STEMS = (
    "Velt", "Dorn", "Calm", "Ister", "Falk", "Grend", "Holm", "Kess", "Lumm", "Merr", "Nord", "Orr", "Pell", "Quill",
    "Rost", "Sarn", "Tavel", "Ulv", "Wenn", "Zell",
)  # fmt: skip
CITY_ENDS = (
    "ano", "ford", "haven", "mere", "mont", "ora", "stad", "ville", "wick",
)  # fmt: skip
HOTELS = (
    "Grand Harbour", "Linden Court", "The Old Mint", "Station House", "Parkside", "Blue Lantern", "Riverside",
    "Three Crowns", "Garden Gate", "The Weaver", "Northern Star", "Silver Birch",
)  # fmt: skip
RESTAURANTS = (
    "Copper Pot", "Little Quay", "The Long Table", "Saffron Room", "Fig & Olive", "Corner Kitchen", "Salt House",
    "Red Door", "Mill Stone", "Paper Crane", "The Green Spoon", "Harvest", "Old Bakery", "Lemon Tree", "Smoke & Rye",
    "Second Home", "The Pantry", "Tall Ship",
)  # fmt: skip
SIGHTS = {
    "museum": ("City Museum", "Maritime Museum", "Clock Museum"),
    "viewpoint": ("Watch Tower", "Cable Hill", "Lighthouse"),
    "garden": ("Botanic Garden", "Rose Garden", "Palm House"),
    "historic site": ("Old Fortress", "Guild Hall", "Roman Baths"),
    "market": ("Covered Market", "Flower Market", "Night Market Hall"),
    "gallery": ("Modern Gallery", "Print Gallery", "Sculpture Hall"),
}
