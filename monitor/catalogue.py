"""The Indonesian words of an incident's sentence, as data; a noun has no plural form here, its number says it."""

from __future__ import annotations

CAUSES = {
    "link-down": "Tautan {name} putus",
    "link-flapping": "Tautan {name} putus-sambung",
    "optics-weak": "Sinyal optik tautan {name} melemah",
    "device-down": "Perangkat {name} tidak menjawab",
    "nas-down": "Gateway {name} tidak menjawab",
    "power-cut": "Beberapa perangkat di {name} mati bersamaan",
    "section-dark": "Ruas cincin di {name} gelap dari segala arah",
    "monitor-blind": "Pemantau buta: tidak satu perangkat pun menjawab",
    "rogue-dhcp": "Ada server DHCP asing di {name}",
    "rogue-arp": "Ada perangkat yang mengaku sebagai gateway di {name}",
    "rogue-ra": "Ada router IPv6 asing di {name}",
}

# What the kind of cause means for who has to go; more exact ones for some causes.
GRADES = {
    ("", "fibre"): "Penyebab: serat optik; hubungi kontraktor serat",
    ("", "power"): "Penyebab: listrik; tanyakan ke PLN sebelum mengirim teknisi",
    ("", "device"): "Penyebab: perangkat; periksa di tempat",
    ("", "maintenance"): "Bagian dari pemeliharaan yang diumumkan",
    ("", "unknown"): "Penyebab belum diketahui; periksa listrik dan kabel di tempat",
    ("link-down", "unknown"): "Serat putus atau perangkat di ujungnya kehilangan listrik; tanyakan listriknya dahulu",
    ("section-dark", "unknown"): "Listrik ruas itu padam atau semua seratnya putus; tanyakan listriknya dahulu",
    ("rogue-dhcp", "unknown"): "Pengunjung bisa dibawa ke jaringan lain; cari port switch-nya lalu cabut",
    ("rogue-arp", "unknown"): "Lalu lintas pengunjung mungkin disadap; cari port switch-nya lalu cabut",
    ("rogue-ra", "unknown"): "Pengunjung bisa lewat tanpa login; cari port switch-nya lalu cabut",
    ("monitor-blind", "unknown"): "Periksa jaringan ruang server dahulu; keadaan tempat lain tidak diketahui",
}

COUNTED = {
    "ap": "{n} titik akses",
    "device": "{n} perangkat",
    "nas": "{n} gateway",
    "link": "{n} tautan",
    "client": "{n} pengguna",
}

UNITS = {"day": "hari", "hour": "jam", "minute": "menit", "moment": "kurang dari satu menit"}

WORDS = {
    "since": "sejak pukul {clock} ({lasted})",
    "over": "{name} pulih setelah {lasted}.",
    "affected": "Terdampak: {what}",
    "and": "dan",
}
